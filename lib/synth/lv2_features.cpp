#include "synth/lv2_features.h"

#include <lv2/atom/atom.h>
#include <lv2/buf-size/buf-size.h>
#include <lv2/parameters/parameters.h>

#include <algorithm>

namespace nr {

UriNumbers::UriNumbers()
    : map_{this, [](LV2_URID_Map_Handle self, const char* uri) { return static_cast<UriNumbers*>(self)->of(uri); }},
      unmap_{this, [](LV2_URID_Unmap_Handle self, LV2_URID number) -> const char* {
               const auto& uris = static_cast<UriNumbers*>(self)->uris_;
               return number >= 1 && number <= uris.size() ? uris[number - 1].c_str() : nullptr;
             }} {}

LV2_URID UriNumbers::of(const std::string& uri) {
  const auto [found, is_new] = numbers_.emplace(uri, LV2_URID(uris_.size() + 1));
  if (is_new) uris_.push_back(uri);
  return found->second;
}

Lv2Features::Lv2Features(UriNumbers& numbers, double sample_rate, int32_t block)
    : rate_(float(sample_rate)),
      block_(block),
      schedule_{this, [](LV2_Worker_Schedule_Handle self, uint32_t size, const void* data) {
                  return static_cast<Lv2Features*>(self)->work(size, data);
                }} {
  const auto option = [&](const char* uri, const char* type, const void* value) {
    options_.push_back({LV2_OPTIONS_INSTANCE, 0, numbers.of(uri), 4, numbers.of(type), value});
  };
  option(LV2_PARAMETERS__sampleRate, LV2_ATOM__Float, &rate_);
  option(LV2_BUF_SIZE__minBlockLength, LV2_ATOM__Int, &shortest_);
  option(LV2_BUF_SIZE__maxBlockLength, LV2_ATOM__Int, &block_);
  option(LV2_BUF_SIZE__nominalBlockLength, LV2_ATOM__Int, &block_);
  option(LV2_BUF_SIZE__sequenceSize, LV2_ATOM__Int, &sequence_);
  options_.push_back({LV2_OPTIONS_INSTANCE, 0, 0, 0, 0, nullptr});
  features_ = {{LV2_URID__map, numbers.map()},
               {LV2_URID__unmap, numbers.unmap()},
               {LV2_OPTIONS__options, options_.data()},
               {LV2_BUF_SIZE__boundedBlockLength, nullptr},
               {LV2_WORKER__schedule, &schedule_}};
  for (const LV2_Feature& feature : features_) list_.push_back(&feature);
  list_.push_back(nullptr);
}

bool Lv2Features::offers(const std::string& uri) const {
  return std::any_of(features_.begin(), features_.end(), [&](const LV2_Feature& f) { return uri == f.URI; });
}

void Lv2Features::attach(LV2_Handle instance, const LV2_Worker_Interface* worker) {
  instance_ = instance, worker_ = worker;
}

LV2_Worker_Status Lv2Features::work(uint32_t size, const void* data) {
  if (!worker_) return LV2_WORKER_ERR_UNKNOWN;
  const LV2_Worker_Respond_Function keep = [](LV2_Worker_Respond_Handle self, uint32_t count, const void* answer) {
    static_cast<Lv2Features*>(self)->responses_.emplace_back(static_cast<const char*>(answer), count);
    return LV2_WORKER_SUCCESS;
  };
  return worker_->work(instance_, keep, this, size, data);
}

void Lv2Features::respond() {
  std::vector<std::string> answers;
  answers.swap(responses_);
  for (const std::string& answer : answers)
    if (worker_->work_response) worker_->work_response(instance_, uint32_t(answer.size()), answer.data());
  if (worker_ && worker_->end_run) worker_->end_run(instance_);
}

}  // namespace nr
