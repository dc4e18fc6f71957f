// What an LV2 plug-in is offered by its host: numbers for URIs, the sample rate and the length of a block as options,
// and a worker whose work is done at once, in the call that asks for it.
#pragma once
#include <lv2/core/lv2.h>
#include <lv2/options/options.h>
#include <lv2/urid/urid.h>
#include <lv2/worker/worker.h>

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

namespace nr {

// Numbers from 1 in the order in which they are asked for.
class UriNumbers {
 public:
  UriNumbers();
  UriNumbers(const UriNumbers&) = delete;

  LV2_URID of(const std::string& uri);
  LV2_URID_Map* map() { return &map_; }
  LV2_URID_Unmap* unmap() { return &unmap_; }

 private:
  std::map<std::string, LV2_URID> numbers_;
  std::deque<std::string> uris_;  // whose texts stay where they are
  LV2_URID_Map map_;
  LV2_URID_Unmap unmap_;
};

class Lv2Features {
 public:
  Lv2Features(UriNumbers& numbers, double sample_rate, int32_t block);  // Hz, samples a call at most
  Lv2Features(const Lv2Features&) = delete;

  const LV2_Feature* const* list() const { return list_.data(); }
  bool offers(const std::string& uri) const;

  // The instance whose work is done; without one, or without its interface, what it asks for is refused.
  void attach(LV2_Handle instance, const LV2_Worker_Interface* worker);
  void respond();  // after a block: what its work answered

 private:
  LV2_Worker_Status work(uint32_t size, const void* data);

  float rate_;
  int32_t block_, shortest_ = 1, sequence_ = 1 << 16;
  std::vector<LV2_Options_Option> options_;
  LV2_Worker_Schedule schedule_;
  std::vector<LV2_Feature> features_;
  std::vector<const LV2_Feature*> list_;
  LV2_Handle instance_ = nullptr;
  const LV2_Worker_Interface* worker_ = nullptr;
  std::vector<std::string> responses_;
};

}  // namespace nr
