// Of two channels a tile of two outputs by two rows loads two words of weights and two of activations and multiplies
// each with each: 8 MACs in 8 instructions, which a Cortex-M7 starts in pairs of a multiplication and a load. A tile of
// two by three does 12 in 11. A load takes the place of what was used last, and is done two cycles before it is used.
#include "tiles.h"

#ifdef NR_TILES
#include "kernels.h"
#include "tile_loops.h"

namespace nr {

// Of both, registers at the start: r0 x, r1 row, r2 w, r3 rounds. On the stack, above the saved registers: 52 y, 56
// pitch, 60 y_end, 64 to_tile, 68 biases, 76 multipliers, 84 to_stretch, 88 stretches, 92 skipped.

// r4-r7: outputs 0 and 1 of row 0, then of row 1; r8, r9: weights; r10, r11: activations; r1: row 1, less 4 bytes.
__attribute__((naked)) NR_HOT void two_rows(const int16_t*, int, const int16_t*, int, int16_t*, int, const int16_t*,
                                            int, int32_t, int32_t, int32_t, int32_t, int, int, int) {
  asm(R"(
    push {r0-r11, lr}
    add r1, r0, r1
    sub r1, r1, #4
    ldr r4, [sp, #92]
    adr.w r5, 3f
    add r5, r5, r4
    add r5, r5, #1           @ Thumb
    str r5, [sp, #92]
    ldr lr, [sp, #84]
  1:                         @ a tile
    ldrd r4, r5, [sp, #68]
    ldr r2, [sp, #8]
    mov r6, r4
    mov r7, r5
    ldr r12, [sp, #88]
    ldrd r8, r9, [r2], #8
  2:                         @ a stretch
    ldr r11, [sp, #92]
    ldr r3, [sp, #12]
    ldr r10, [r0]
    bx r11
    .balign 4
  3:                         @ a round
    .rept 16
    smlad r4, r8, r10, r4
    ldr.w r11, [r1, #4]!
    smlad r5, r9, r10, r5
    ldr.w r10, [r0, #4]!
    smlad r6, r8, r11, r6
    ldr.w r8, [r2], #8
    smlad r7, r9, r11, r7
    ldr.w r9, [r2, #-4]
    .endr
    subs r3, r3, #1
    bne.w 3b
    subs r12, r12, #1
    beq 4f
    add r0, r0, lr
    add r1, r1, lr
    b.w 2b
  4:
    ldrd r8, r9, [sp, #76]
    ldrd r10, r11, [sp, #52]
    smmulr r4, r4, r8
    smmulr r5, r5, r9
    smmulr r6, r6, r8
    smmulr r7, r7, r9
    ssat r4, #16, r4
    ssat r5, #16, r5
    ssat r6, #16, r6
    ssat r7, #16, r7
    pkhbt r4, r4, r5, lsl #16
    pkhbt r6, r6, r7, lsl #16
    str r4, [r10]
    str r6, [r10, r11]
    add r10, r10, r11, lsl #1
    ldrd r8, r9, [sp, #60]
    str r10, [sp, #52]
    add r0, r0, r9
    add r1, r1, r9
    cmp r10, r8
    bne.w 1b
    add sp, sp, #16
    pop {r4-r11, pc}
  )");
}

// r4-r9: outputs 0 and 1 of rows 0, 1, 2; r10, r11: weights; r12, lr: activations, which change places at each word.
__attribute__((naked)) NR_HOT void three_rows(const int16_t*, int, const int16_t*, int, int16_t*, int, const int16_t*,
                                              int, int32_t, int32_t, int32_t, int32_t, int, int, int) {
  asm(R"(
    push {r0-r11, lr}
    ldr r4, [sp, #92]
    adr.w r5, 3f
    add r5, r5, r4
    add r5, r5, #1           @ Thumb
    str r5, [sp, #92]
  1:                         @ a tile
    ldrd r4, r5, [sp, #68]
    ldr r2, [sp, #8]
    mov r6, r4
    mov r7, r5
    ldr r3, [sp, #88]
    mov r8, r4
    mov r9, r5
    ldrd r10, r11, [r2], #8
  2:                         @ a stretch; stretches left wait in the place of r0
    str r3, [sp]
    ldr lr, [sp, #92]
    ldr r3, [sp, #12]
    ldr r12, [r0]
    bx lr
    .balign 4
  3:                         @ a round
    .rept 8
    smlad r4, r10, r12, r4
    ldr.w lr, [r0, r1]
    smlad r5, r11, r12, r5
    smlad r6, r10, lr, r6
    ldr.w r12, [r0, r1, lsl #1]
    smlad r7, r11, lr, r7
    ldr.w lr, [r0, #4]!
    smlad r8, r10, r12, r8
    ldr.w r10, [r2], #8
    smlad r9, r11, r12, r9
    ldr.w r11, [r2, #-4]
    smlad r4, r10, lr, r4
    ldr.w r12, [r0, r1]
    smlad r5, r11, lr, r5
    smlad r6, r10, r12, r6
    ldr.w lr, [r0, r1, lsl #1]
    smlad r7, r11, r12, r7
    ldr.w r12, [r0, #4]!
    smlad r8, r10, lr, r8
    ldr.w r10, [r2], #8
    smlad r9, r11, lr, r9
    ldr.w r11, [r2, #-4]
    .endr
    subs r3, r3, #1
    bne.w 3b
    ldr r3, [sp]
    ldr lr, [sp, #84]
    subs r3, r3, #1
    beq 4f
    add r0, r0, lr
    b.w 2b
  4:
    ldrd r10, r11, [sp, #76]
    ldrd r12, lr, [sp, #52]
    smmulr r4, r4, r10
    smmulr r5, r5, r11
    smmulr r6, r6, r10
    smmulr r7, r7, r11
    smmulr r8, r8, r10
    smmulr r9, r9, r11
    ssat r4, #16, r4
    ssat r5, #16, r5
    ssat r6, #16, r6
    ssat r7, #16, r7
    ssat r8, #16, r8
    ssat r9, #16, r9
    pkhbt r4, r4, r5, lsl #16
    pkhbt r6, r6, r7, lsl #16
    pkhbt r8, r8, r9, lsl #16
    str r4, [r12]
    str r6, [r12, lr]
    str r8, [r12, lr, lsl #1]
    add r12, r12, lr, lsl #1
    ldrd r10, r11, [sp, #60]
    add r12, r12, lr
    add r0, r0, r11
    str r12, [sp, #52]
    cmp r12, r10
    bne.w 1b
    add sp, sp, #16
    pop {r4-r11, pc}
  )");
}

// r8-r11: outputs; r4, r5, r6: weights; r7, r12: activations.
__attribute__((naked)) NR_HOT void four_outputs(const int8_t*, const int8_t*, const int16_t*, int, const int32_t*,
                                                const int32_t*, int16_t*) {
  asm(R"(
    push {r4-r11, lr}
    ldr r4, [sp, #36]
    ldm r4, {r8-r11}
  1:
    ldrd r4, r5, [r0], #8
    ldrd r7, r12, [r2], #8
    sxtb16 r6, r4
    sxtb16 r4, r4, ror #8
    smlad r8, r6, r7, r8
    sxtb16 r6, r5
    smlad r8, r4, r12, r8
    sxtb16 r5, r5, ror #8
    smlad r9, r6, r7, r9
    ldr r4, [r1], #8
    smlad r9, r5, r12, r9
    ldr r5, [r1, #-4]
    subs r3, r3, #4
    sxtb16 r6, r4
    sxtb16 r4, r4, ror #8
    smlad r10, r6, r7, r10
    sxtb16 r6, r5
    smlad r10, r4, r12, r10
    sxtb16 r5, r5, ror #8
    smlad r11, r6, r7, r11
    smlad r11, r5, r12, r11
    bne 1b
    ldrd r4, r5, [sp, #40]
    ldm r4, {r0-r3}
    smmulr r8, r8, r0
    smmulr r9, r9, r1
    smmulr r10, r10, r2
    smmulr r11, r11, r3
    ssat r8, #16, r8
    ssat r9, #16, r9
    ssat r10, #16, r10
    ssat r11, #16, r11
    pkhbt r8, r8, r9, lsl #16
    pkhbt r10, r10, r11, lsl #16
    str r8, [r5]
    str r10, [r5, #4]
    pop {r4-r11, pc}
  )");
}

}  // namespace nr
#endif
