// Ctrl-C sets a flag: a long job looks at it between steps, saves and ends. A second Ctrl-C ends the program at once.
#pragma once

namespace nr {

void watch_interrupts();    // installs the handlers for SIGINT and SIGTERM
void unwatch_interrupts();  // from now on they end the program at once: there is nothing to save
bool interrupted();

}  // namespace nr
