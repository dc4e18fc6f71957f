// A run that infers a synthesizer's parameters, played by messages: the server of Flow synthesizer (Esling et al.
// 2020). Torch-free.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "generation/osc.h"
#include "generation/serve.h"

namespace nr {

// Messages in, and what each is answered with. Dimensions d count from 0 in the ranking of principal components by what
// they move; values are deviations of the training sounds. Of an unknown message, or one with other arguments than
// these, the answer is /print with the reason.
//   /ping                                    /print
//   /stop                                    /terminated
//   /get_state, /resend_state                /state latent_size parameters; /z_pos, /params
//   /model_params                            /model_params type and sizes, /params_nb
//   /set_model run                           as /model_params: another run is played from here on
//   /set_dataset name                        /print: the set is that of the run
//   /decode x y d1 d2                        /z_pos, /params: the other dimensions at 0
//   /decode_hand v1 d1 ... v6 d6             the same of six dimensions; d below 0: none
//   /set_freeze_mode 0 or 1                  /print; 1: decode leaves the other dimensions where they are
//   /encode file                             /z_pos, /params of the recording's beginning
//   /set_pitch_shift, /set_pitch_octave 0 or 1  /print; encode first moves the sound's commonest note to middle C, or
//                                            by as few semitones as bring it to a C; /encode then sends /target_pitch
//   /dimension_analysis d n                  a /dimension_analysis d parameter position ... for each of the five that d
//                                            moves most, at n places from -4 to 4
//   /preset_space                            /presets file: training sounds with hash, tags and coordinates
//   /load_preset hash                        /z_pos, /params of that sound
//   /clear_path, /add_free_path x y d1 d2, /add_preset_path hash   /print: how many points the path has
//   /set_path_use_z 0 or 1                   /print; 0: the path is straight in the parameters, not in the latent
//   /play_path ratio                         /params at 0 ... 1 of the path, /z_pos where it is of the latent
class Performer {
 public:
  // Error when the run cannot be read. Prepared data is needed for the ranking and the presets; without it dimensions
  // are the latent's own, and a warning says so.
  explicit Performer(const ServeConfig& config);
  ~Performer();
  std::vector<OscMessage> answer(const OscMessage& message);  // never throws on a message
  bool stopped() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace nr
