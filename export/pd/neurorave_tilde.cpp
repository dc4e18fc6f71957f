// An exported header as a Pure Data object: the signal in is heard by an effect, and messages set parameters and notes.
// What it does is in export/player.
//   note 60 100 (note, velocity 0 ... 127; 0 lets it go), bend -8192 ... 8191, control 74 64 (number, value),
//   centroid 800 (a parameter's name and value), parameters (prints them), reset
#include NR_HEADER

#include <m_pd.h>

#include <memory>

#include "player.h"

#ifndef NR_PLAYS_AUDIO
#error This header makes no sound: it holds an encoder, or gives parameters. Export the decoder or the whole of a sound.
#endif

namespace {

t_class* made = nullptr;

// Pd allocates this and calls no constructor.
struct Object {
  t_object object;
  t_float unused;  // where a number goes in place of the signal in
  t_outlet* latency;
  nr::Player* player;
  float rate;
};

t_int* perform(t_int* w) {
  auto* x = reinterpret_cast<Object*>(w[1]);
  x->player->process(reinterpret_cast<t_sample*>(w[2]), reinterpret_cast<t_sample*>(w[3]), int(w[4]));
  return w + 5;
}

void renew(Object* x, float rate) {
  if (x->player && rate == x->rate) return;
  delete x->player;
  x->player = new nr::Player(NR_MODEL, rate, nr::on_engine), x->rate = rate;
}

void dsp(Object* x, t_signal** signals) {
  renew(x, signals[0]->s_sr);
  outlet_float(x->latency, t_float(x->player->latency()));
  dsp_add(perform, 4, x, signals[0]->s_vec, signals[1]->s_vec, t_int(signals[0]->s_n));
}

void note(Object* x, t_float key, t_float velocity) { x->player->voice().note_on(int(key), int(velocity)); }
void bend(Object* x, t_float value) { x->player->voice().bend(int(value)); }
void control(Object* x, t_float number, t_float value) { x->player->voice().control_change(int(number), int(value)); }
void reset(Object* x) { x->player->reset(); }

void parameters(Object*) {
  for (const nr::Parameter& p : nr::Player::parameters(NR_MODEL))
    post(NR_TITLE "~: %s %g ... %g %s, at first %g", p.name.c_str(), double(p.low), double(p.high), p.unit.c_str(),
         double(p.initial));
}

// A message that is no method: a parameter.
void anything(Object* x, t_symbol* name, int count, t_atom* values) {
  const auto all = nr::Player::parameters(NR_MODEL);
  for (size_t i = 0; i < all.size(); ++i)
    if (all[i].name == name->s_name && count == 1) return x->player->set(int(i), atom_getfloat(values));
  pd_error(x, NR_TITLE "~: %s: no parameter with one value of this name (the message `parameters` prints them)",
           name->s_name);
}

void* create() {
  auto* x = reinterpret_cast<Object*>(pd_new(made));
  x->player = nullptr;
  outlet_new(&x->object, &s_signal);
  x->latency = outlet_new(&x->object, &s_float);
  renew(x, sys_getsr() > 0 ? sys_getsr() : 44100);
  return x;
}

void destroy(Object* x) { delete x->player; }

}  // namespace

extern "C" void NR_SETUP() {
  made = class_new(gensym(NR_TITLE "~"), t_newmethod(create), t_method(destroy), sizeof(Object), CLASS_DEFAULT, A_NULL);
  CLASS_MAINSIGNALIN(made, Object, unused);
  class_addmethod(made, t_method(dsp), gensym("dsp"), A_CANT, A_NULL);
  class_addmethod(made, t_method(note), gensym("note"), A_FLOAT, A_FLOAT, A_NULL);
  class_addmethod(made, t_method(bend), gensym("bend"), A_FLOAT, A_NULL);
  class_addmethod(made, t_method(control), gensym("control"), A_FLOAT, A_FLOAT, A_NULL);
  class_addmethod(made, t_method(reset), gensym("reset"), A_NULL);
  class_addmethod(made, t_method(parameters), gensym("parameters"), A_NULL);
  class_addanything(made, t_method(anything));
}
