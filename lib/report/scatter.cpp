#include "report/scatter.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace nr::report {
namespace {

// d, of a plot: times t of {n: name, p: points in [-1, 1]}, the points' labels l, colourings c of {name, names,
// classes}.
const char* const kScript = R"js(
const sounds = JSON.parse(document.querySelector('.sounds').textContent), player = new Audio();
document.querySelectorAll('.scatter').forEach(box => {
  const d = JSON.parse(box.dataset.points), canvas = box.querySelector('canvas'), g = canvas.getContext('2d');
  const list = box.querySelector('select'), out = box.querySelector('output'), key = box.querySelector('.key');
  const time = box.querySelector('input'), when = box.querySelector('.when');
  let now = d.t[d.t.length - 1];
  const flat = now.p.every(p => p[2] === 0), ink = () => getComputedStyle(box).color;
  let turn = 0.6, tilt = 0.4, from = null, still = false, placed = [];
  const hue = (i, n) => `hsl(${Math.round(360 * i / n)} 70% 50%)`;
  const draw = () => {
    const c = d.c[list.value], n = c.names.length, w = canvas.width, h = canvas.height, r = 0.42 * Math.min(w, h);
    const cs = Math.cos(turn), sn = Math.sin(turn), ct = Math.cos(tilt), st = Math.sin(tilt);
    const place = ([x, y, z]) => {
      if (flat) return [w / 2 + r * x, h / 2 - r * y, 0];
      const a = cs * x + sn * z, b = cs * z - sn * x;
      return [w / 2 + r * a, h / 2 - r * (ct * y - st * b), ct * b + st * y];
    };
    g.clearRect(0, 0, w, h);
    g.strokeStyle = ink(); g.globalAlpha = 0.25;
    if (!flat) for (const e of [[1, 0, 0], [0, 1, 0], [0, 0, 1]]) {
      const p = place(e), q = place(e.map(v => -v));
      g.beginPath(); g.moveTo(p[0], p[1]); g.lineTo(q[0], q[1]); g.stroke();
    }
    g.globalAlpha = 0.85;
    placed = now.p.map(place);
    placed.map((p, i) => i).sort((i, j) => placed[j][2] - placed[i][2]).forEach(i => {
      g.fillStyle = hue(c.classes[i], n);
      g.beginPath(); g.arc(placed[i][0], placed[i][1], flat ? 4 : 4.5 - 1.5 * placed[i][2], 0, 7); g.fill();
    });
    key.innerHTML = '';
    c.names.forEach((name, i) => {
      const s = document.createElement('span');
      s.textContent = '● ' + name + ' '; s.style.color = hue(i, n); key.append(s);
    });
  };
  const at = e => {
    const b = canvas.getBoundingClientRect();
    return [(e.clientX - b.left) * canvas.width / b.width, (e.clientY - b.top) * canvas.height / b.height];
  };
  const nearest = p => {
    let best = -1, least = 100;
    placed.forEach((q, i) => {
      const r = (q[0] - p[0]) ** 2 + (q[1] - p[1]) ** 2;
      if (r < least) { least = r; best = i; }
    });
    out.textContent = best < 0 ? '' : d.l[best];
    return best;
  };
  canvas.onpointerdown = e => { from = at(e); still = true; canvas.setPointerCapture(e.pointerId); };
  canvas.onpointerup = e => {
    const i = nearest(at(e));
    if (still && i >= 0 && i < sounds.length) { player.src = sounds[i]; player.play(); }
    from = null;
  };
  canvas.onpointermove = e => {
    const p = at(e);
    if (from && Math.hypot(p[0] - from[0], p[1] - from[1]) > 3) still = false;
    if (from && !still && !flat) {
      turn += (p[0] - from[0]) / 120; tilt += (p[1] - from[1]) / 120; from = p; draw();
    }
    nearest(p);
  };
  list.onchange = draw;
  if (time) time.oninput = () => { now = d.t[time.value]; when.textContent = now.n; draw(); };
  draw();
});
)js";

double extent(const Points& points) {
  double most = 1e-9;
  for (const auto& p : points)
    for (const double x : p) most = std::max(most, std::abs(x));
  return most;
}

nlohmann::json scaled(const std::string& name, const Points& points, double most) {
  nlohmann::json out{{"n", name}, {"p", nlohmann::json::array()}};
  for (const auto& p : points) {
    nlohmann::json point = nlohmann::json::array();
    for (const double x : p) point.push_back(std::round(1000 * x / most) / 1000);
    out["p"].push_back(point);
  }
  return out;
}

}  // namespace

Markup scatter_plot(const Scatter& s) {
  nlohmann::json data{{"t", nlohmann::json::array()}, {"l", s.labels}, {"c", nlohmann::json::array()}};
  double most = extent(s.points);
  for (const auto& [name, points] : s.before) most = std::max(most, extent(points));
  for (const auto& [name, points] : s.before) data["t"].push_back(scaled(name, points, most));
  data["t"].push_back(scaled(s.now, s.points, most));
  const std::string last = std::to_string(s.before.size());
  Markup times;
  if (!s.before.empty())
    times = element("label", {},
                    element("span", {{"class", "when"}}, s.now) +
                        lone("input", {{"type", "range"}, {"min", "0"}, {"max", last}, {"step", "1"}, {"value", last},
                                       {"autocomplete", "off"}}));
  Markup choices;
  for (size_t i = 0; i < s.colourings.size(); ++i) {
    const Colouring& c = s.colourings[i];
    data["c"].push_back({{"name", c.name}, {"names", c.names}, {"classes", c.classes}});
    choices += element("option", {{"value", std::to_string(i)}}, c.name);
  }
  return element("div", {{"class", "card scatter"}, {"data-points", data.dump()}},
                 element("strong", {}, s.title) + element("small", {}, " " + s.note + " ") +
                     element("select", {{"autocomplete", "off"}}, choices) + element("output", {}, "") + times +
                     element("canvas", {{"width", "420"}, {"height", "380"}, {"style", "width:100%;touch-action:none"}},
                             "") +
                     element("small", {{"class", "key"}}, ""));
}

Markup scatter_script(const std::vector<std::vector<unsigned char>>& sounds) {
  nlohmann::json uris = nlohmann::json::array();
  for (const auto& wav : sounds) uris.push_back(data_uri("audio/wav", wav));
  return element("script", {{"type", "application/json"}, {"class", "sounds"}}, Markup{uris.dump()}) +
         element("script", {}, Markup{kScript});
}

}  // namespace nr::report
