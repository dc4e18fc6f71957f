// Ctrl-C sets a flag: a long job looks at it between steps, saves and ends. A second Ctrl-C ends the program at once.
#pragma once

namespace nr {

void watch_interrupts();  // installs the handlers for SIGINT and SIGTERM
bool interrupted();

}  // namespace nr
