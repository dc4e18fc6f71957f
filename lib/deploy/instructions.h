// What a program costs a Cortex-M7, step by step.
#pragma once
#include "export/runtime/program.h"

namespace nr {

double instructions(const nr_program& program);  // a tick

}  // namespace nr
