#pragma once
#include "config/value.h"
namespace nr::config { inline void upgrade(Value&) {} }
