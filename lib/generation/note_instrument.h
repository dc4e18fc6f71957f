// A run of notes (wae) as an instrument: a key, a point of the latent and a mixture of styles -> the sound of a note.
// Torch-free: apps include it.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "config/checks.h"

namespace nr {

struct NoteVoicing {
  std::string vocoder;
  std::vector<std::string> style;
  std::vector<double> point;

  template <class V>
  void fields(V& v) {
    v("vocoder", vocoder, config::Any{},
      "run of a vocoder that makes the sound of notes; empty: the run's own, or Griffin-Lim");
    v("style", style, config::Any{},
      "styles of notes and their weights (violin=0.5 flute=0.5), which may go beyond 1; default: the first");
    v("point", point, config::Any{}, "of the latent of notes, a number a dimension; default: 0 in each");
  }
};

class NoteInstrument {
 public:
  // Error when the run is none of notes, or the vocoder, a style or the point does not fit it.
  NoteInstrument(const std::string& run, const NoteVoicing& voicing);
  ~NoteInstrument();
  int sample_rate() const;
  size_t samples() const;                           // of a note
  size_t dimensions() const;                        // of the latent
  const std::vector<std::string>& styles() const;   // empty: the model is given none
  std::string style_text() const;                   // "violin 0.5, flute 0.5"
  bool plays(int key) const;  // has the model its octave? One that is given no note plays any key at its own pitch

  // What moves: the point and the weights, one a dimension and one a style.
  struct State {
    std::vector<float> point, weights;
    bool operator==(const State& other) const { return point == other.point && weights == other.weights; }
  };
  const State& initial() const;
  std::vector<float> note(int key, const State& state) const;

 private:
  struct Network;
  std::unique_ptr<Network> network_;
};

// Is it a run, or a checkpoint, of notes?
bool makes_notes(const std::string& run);

}  // namespace nr
