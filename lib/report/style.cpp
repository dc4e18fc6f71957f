#include "report/style.h"

namespace nr::report {

const char* const kStyle = R"css(
:root {
  --paper: #fcfcfa; --ink: #1d1f22; --soft: #6a7077; --line: #dfe1e0; --panel: #f3f4f2;
  --asked: #d1495b; --bad: #b3141f; --measured: #1f6f8b; --source: #9aa1a8; --accent: #1f6f8b; --quiet: #8886;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #15171a; --ink: #e6e7e8; --soft: #9ba1a8; --line: #2d3136; --panel: #1d2024;
    --asked: #ff7d8d; --bad: #ff6b6b; --measured: #62c0dc; --source: #737b84; --accent: #62c0dc; --quiet: #8886;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
}
main { max-width: 66rem; margin: 0 auto; padding: 3.5rem 1.5rem 6rem; }
h1 {
  font-size: 2rem; line-height: 1.2; font-weight: 650; letter-spacing: -0.02em; margin: 0 0 .4rem;
  overflow-wrap: anywhere;
}
h2 {
  font-size: 1.3rem; font-weight: 650; letter-spacing: -0.01em; margin: 3.5rem 0 .5rem; padding-top: 1.2rem;
  border-top: 1px solid var(--line);
}
h3 { font-size: 1.02rem; font-weight: 620; margin: 2.2rem 0 .5rem; overflow-wrap: anywhere; }
h4 { font-size: .88rem; font-weight: 600; margin: 0 0 .35rem; }
p { max-width: 46rem; margin: .5rem 0 1rem; }
p.lead { font-size: 1.08rem; color: var(--soft); margin-top: 0; }
.bad, .bad small { color: var(--bad); }
p.bad { font-weight: 600; }
p.note, small { color: var(--soft); font-size: .84rem; }
.facts {
  display: grid; grid-template-columns: repeat(auto-fill, minmax(9.5rem, 1fr)); gap: 1rem 1.5rem; margin: 1.4rem 0;
  padding: 0;
}
.facts div { border-top: 2px solid var(--line); padding-top: .45rem; min-width: 0; }
.facts dt { font-size: .76rem; color: var(--soft); }
.facts dd {
  margin: 0; font-size: 1.02rem; font-weight: 580; font-variant-numeric: tabular-nums; overflow-wrap: anywhere;
}
.facts dd small { display: block; font-weight: 400; font-size: .78rem; }
.wide { overflow-x: auto; margin: 1rem 0 1.4rem; }
table {
  border-collapse: collapse; width: 100%; font-size: .88rem; line-height: 1.4; font-variant-numeric: tabular-nums;
}
caption { text-align: left; color: var(--soft); padding-bottom: .5rem; }
th {
  text-align: left; font-weight: 580; color: var(--soft); vertical-align: bottom;
  border-bottom: 1.5px solid var(--ink); padding: .3rem .9rem .35rem 0;
}
td { vertical-align: top; border-bottom: 1px solid var(--line); padding: .42rem .9rem .42rem 0; }
th:last-child, td:last-child { padding-right: 0; }
.number { text-align: right; white-space: nowrap; }
td small { display: block; }
pre { overflow-x: auto; font-size: .8rem; line-height: 1.4; }
.number small { white-space: pre; }
th small { font-weight: 400; display: block; }
.readings dt { font-weight: 580; font-size: .88rem; margin-top: .7rem; }
.readings dd { margin: 0; color: var(--soft); font-size: .88rem; max-width: 46rem; }
.cards {
  display: grid; grid-template-columns: repeat(auto-fill, minmax(min(18rem, 100%), 1fr)); gap: 1.1rem;
  margin: .8rem 0 1.6rem;
}
.card { background: var(--panel); border-radius: .6rem; padding: .8rem .9rem .7rem; min-width: 0; }
.card p { margin: .45rem 0 0; }
.card svg + svg { margin-top: .5rem; }
.chooser { max-width: 30rem; }
.chooser label { display: grid; grid-template-columns: auto 1fr; column-gap: .6rem; font-size: .88rem; }
.chooser output { font-weight: 600; font-variant-numeric: tabular-nums; }
.chooser input { grid-column: 1 / -1; width: 100%; margin: .35rem 0 0; accent-color: var(--accent); }
.chooser .steps {
  grid-column: 1 / -1; display: flex; justify-content: space-between; color: var(--soft); font-size: .78rem;
  font-variant-numeric: tabular-nums; margin-bottom: .5rem;
}
.curves {
  display: grid; grid-template-columns: repeat(auto-fill, minmax(min(18rem, 100%), 1fr)); gap: 1.2rem 1.1rem;
  align-items: start;
}
.curves .card { grid-row: span 2; }
@media (max-width: 44rem) {
  main { padding: 2rem 1rem 4rem; }
  h1 { font-size: 1.6rem; }
  th:first-child, td:first-child { min-width: 12rem; }
}
audio { display: block; width: 100%; height: 2.2rem; margin: .35rem 0 0; }
svg { display: block; width: 100%; height: auto; overflow: visible; }
svg text {
  font: 11px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; fill: var(--soft);
  font-variant-numeric: tabular-nums;
}
svg text.title { fill: var(--ink); font-weight: 600; font-size: 12px; }
svg .grid { stroke: var(--line); stroke-width: 1; }
svg .frame { stroke: var(--soft); stroke-width: 1; fill: none; }
svg .series { fill: none; stroke-width: 1.8; stroke-linejoin: round; stroke-linecap: round; }
svg .asked { stroke: var(--asked); stroke-dasharray: 5 3.5; }
svg .measured { stroke: var(--measured); }
svg .source { stroke: var(--source); stroke-width: 1.2; }
svg .dots { stroke-width: 4.5; stroke-dasharray: none; opacity: .75; }
svg .line0 { stroke: var(--measured); } svg .line1 { stroke: var(--asked); } svg .line2 { stroke: #c98a1b; }
svg .line3 { stroke: #5b8f3a; } svg .line4 { stroke: #8a63b8; }
svg .silent { fill: var(--quiet); opacity: .28; stroke: none; }
.legend {
  display: flex; flex-wrap: wrap; gap: .2rem 1.3rem; font-size: .84rem; color: var(--soft); margin: .3rem 0 .9rem;
}
.legend span::before {
  content: ""; display: inline-block; width: 1.5rem; margin-right: .45rem; vertical-align: .28em;
  border-top: 2px solid;
}
.legend .asked::before { border-top-style: dashed; border-color: var(--asked); }
.legend .measured::before { border-color: var(--measured); }
.legend .source::before { border-color: var(--source); }
.legend .line0::before { border-color: var(--measured); } .legend .line1::before { border-color: var(--asked); }
.legend .line2::before { border-color: #c98a1b; } .legend .line3::before { border-color: #5b8f3a; }
.legend .line4::before { border-color: #8a63b8; }
.legend .silent::before { border-top: .7rem solid var(--quiet); vertical-align: -.05em; opacity: .4; }
details { margin: 1rem 0; }
summary { cursor: pointer; color: var(--accent); font-size: .92rem; }
code { font: .9em ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
footer {
  margin-top: 4rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--soft); font-size: .82rem;
}
)css";

}  // namespace nr::report
