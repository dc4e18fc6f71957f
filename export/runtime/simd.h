// The Cortex-M7's DSP instructions, and the same arithmetic in C++ elsewhere: bit for bit equal.
#pragma once
#include <stdint.h>
#include <string.h>

#if defined(__ARM_FEATURE_DSP)
#include <arm_acle.h>
#endif

namespace nr {

#define NR_INLINE static inline __attribute__((always_inline))

NR_INLINE int32_t load2(const void* p) {  // two int16 or four int8; compiles to one LDR, which tolerates any alignment
  int32_t v;
  memcpy(&v, p, 4);
  return v;
}
NR_INLINE void store2(void* p, int32_t v) { memcpy(p, &v, 4); }

#if defined(__ARM_FEATURE_DSP)
NR_INLINE int32_t smlad(int32_t a, int32_t b, int32_t c) { return __smlad(a, b, c); }
NR_INLINE int32_t sxtb16(int32_t a) { return __sxtb16(a); }
NR_INLINE int32_t sxtb16_8(int32_t a) {
  int32_t r;
  asm("sxtb16 %0, %1, ror #8" : "=r"(r) : "r"(a));
  return r;
}
NR_INLINE int32_t smmulr(int32_t a, int32_t b) {
  int32_t r;
  asm("smmulr %0, %1, %2" : "=r"(r) : "r"(a), "r"(b));
  return r;
}
NR_INLINE int32_t saturate(int32_t x) { return __ssat(x, 16); }
NR_INLINE int32_t pack(int32_t low, int32_t high) {
  int32_t r;
  asm("pkhbt %0, %1, %2, lsl #16" : "=r"(r) : "r"(low), "r"(high));
  return r;
}
NR_INLINE int32_t qadd2(int32_t a, int32_t b) { return __qadd16(a, b); }
NR_INLINE int32_t leaky2(int32_t x, int32_t slope) {
  int32_t a, b, r;
  asm("smulwb %0, %1, %2" : "=r"(a) : "r"(slope), "r"(x));
  asm("smulwt %0, %1, %2" : "=r"(b) : "r"(slope), "r"(x));
  asm("ssub16 %0, %1, %2\n sel %0, %1, %3" : "=&r"(r) : "r"(x), "r"(0), "r"(pack(a, b)) : "cc");
  return r;
}
#else
NR_INLINE int32_t low(int32_t a) { return static_cast<int16_t>(a); }
NR_INLINE int32_t high(int32_t a) { return a >> 16; }
NR_INLINE int32_t pack(int32_t l, int32_t h) {
  return static_cast<int32_t>(static_cast<uint16_t>(l) | static_cast<uint32_t>(h) << 16);
}
// c + both products of int16 halves
NR_INLINE int32_t smlad(int32_t a, int32_t b, int32_t c) {
  return static_cast<int32_t>(static_cast<uint32_t>(low(a) * low(b)) + static_cast<uint32_t>(high(a) * high(b)) +
                              static_cast<uint32_t>(c));
}
// bytes 0 and 2, and bytes 1 and 3, as two int16
NR_INLINE int32_t sxtb16(int32_t a) { return pack(static_cast<int8_t>(a), static_cast<int8_t>(a >> 16)); }
NR_INLINE int32_t sxtb16_8(int32_t a) { return pack(static_cast<int8_t>(a >> 8), static_cast<int8_t>(a >> 24)); }
NR_INLINE int32_t smmulr(int32_t a, int32_t b) {
  return static_cast<int32_t>((static_cast<int64_t>(a) * b + 0x80000000LL) >> 32);
}
NR_INLINE int32_t saturate(int32_t x) { return x > 32767 ? 32767 : x < -32768 ? -32768 : x; }
NR_INLINE int32_t qadd2(int32_t a, int32_t b) { return pack(saturate(low(a) + low(b)), saturate(high(a) + high(b))); }
NR_INLINE int32_t leaky1(int32_t x, int32_t slope) {
  return x >= 0 ? x : static_cast<int32_t>((static_cast<int64_t>(slope) * x) >> 16);
}
NR_INLINE int32_t leaky2(int32_t x, int32_t slope) { return pack(leaky1(low(x), slope), leaky1(high(x), slope)); }
#endif

}  // namespace nr
