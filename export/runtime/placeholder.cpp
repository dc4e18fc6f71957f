#include "export/runtime/program.h"
