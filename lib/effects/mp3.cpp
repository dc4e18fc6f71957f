// MPEG-1, 2 and 2.5 layer III: LAME encodes, mpg123 decodes what has come.
#include <lame/lame.h>
#include <mpg123.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <memory>

#include "base/error.h"
#include "effects/effect.h"
#include "effects/parameters.h"

namespace nr {
namespace {

constexpr size_t kHeld = 4608;      // samples that encoder and decoder may hold back: four frames of MPEG-1
constexpr int kDecoderDelay = 529;  // of every decoder of layer III, samples

// The nearest that layer III has. A sound of another rate is coded as if it had this one.
long coded_rate(int rate) {
  const long* rates = nullptr;
  size_t count = 0;
  mpg123_rates(&rates, &count);
  return *std::min_element(rates, rates + count, [&](long a, long b) {
    return std::fabs(std::log(double(a) / rate)) < std::fabs(std::log(double(b) / rate));
  });
}

struct CodecFreed {
  void operator()(lame_global_flags* encoder) const { lame_close(encoder); }
  void operator()(mpg123_handle* decoder) const { mpg123_delete(decoder); }
};

class Mp3 : public Effect {
 public:
  Mp3(const Settings& s, int rate) : encoder_(lame_init()), decoder_(mpg123_new(nullptr, nullptr)), waiting_(kHeld) {
    if (!encoder_ || !decoder_) fail("mp3: no encoder or no decoder");
    const long coded = coded_rate(rate);
    lame_set_in_samplerate(encoder(), int(coded)), lame_set_out_samplerate(encoder(), int(coded));
    lame_set_num_channels(encoder(), 1), lame_set_mode(encoder(), MONO);
    lame_set_VBR(encoder(), vbr_default), lame_set_VBR_quality(encoder(), float(s[0]));
    lame_set_bWriteVbrTag(encoder(), 0);
    lame_set_disable_reservoir(encoder(), 1);  // else a frame waits for bits of later ones
    lame_set_errorf(encoder(), [](const char*, va_list) {});
    if (lame_init_params(encoder()) != 0) fail("mp3: LAME refuses quality ", s[0], " at ", coded, " Hz");
    mpg123_param(decoder(), MPG123_ADD_FLAGS, MPG123_QUIET, 0);
    mpg123_param(decoder(), MPG123_REMOVE_FLAGS, MPG123_GAPLESS, 0);
    mpg123_format_none(decoder());
    mpg123_format(decoder(), coded, MPG123_MONO, MPG123_ENC_FLOAT_32);
    if (mpg123_open_feed(decoder()) != MPG123_OK) fail("mp3: ", mpg123_strerror(decoder()));
  }

  void process(float* samples, int count) override {
    bytes_.resize(size_t(count) * 5 / 4 + 7200);  // what LAME asks for
    const int encoded = lame_encode_buffer_ieee_float(encoder(), samples, samples, count, bytes_.data(),
                                                      int(bytes_.size()));
    if (encoded < 0) fail("mp3: LAME's error ", encoded);
    mpg123_feed(decoder(), bytes_.data(), size_t(encoded));
    int status = MPG123_OK;
    while (status == MPG123_OK || status == MPG123_NEW_FORMAT) {
      float decoded[1152];
      size_t got = 0;
      status = mpg123_read(decoder(), decoded, sizeof decoded, &got);
      waiting_.insert(waiting_.end(), decoded, decoded + got / sizeof(float));
    }
    if (status != MPG123_NEED_MORE) fail("mp3: ", mpg123_strerror(decoder()));
    if (waiting_.size() < size_t(count)) fail("mp3: more than ", kHeld, " samples are held back");
    std::copy_n(waiting_.begin(), count, samples);
    waiting_.erase(waiting_.begin(), waiting_.begin() + count);
  }
  int latency() const override { return int(kHeld) + lame_get_encoder_delay(encoder()) + kDecoderDelay; }

 private:
  lame_global_flags* encoder() const { return encoder_.get(); }
  mpg123_handle* decoder() const { return decoder_.get(); }

  std::unique_ptr<lame_global_flags, CodecFreed> encoder_;
  std::unique_ptr<mpg123_handle, CodecFreed> decoder_;
  std::deque<float> waiting_;
  std::vector<unsigned char> bytes_;
};

}  // namespace

std::vector<EffectKind> mp3() {
  const auto made = [](const Settings& settings, int rate) -> std::unique_ptr<Effect> {
    return std::make_unique<Mp3>(settings, rate);
  };
  return {{"mp3", "coding", "LAME's variable rate, 0 the best", {plain("quality", 0, 9.9, 2)}, made, true}};
}

}  // namespace nr
