// Ctrl-C asks, it does not kill: a long job looks here between steps, saves and ends. A second Ctrl-C ends at once.
#pragma once

namespace nr {

void watch_interrupts();  // installs the handlers for SIGINT and SIGTERM
bool interrupted();

}  // namespace nr
