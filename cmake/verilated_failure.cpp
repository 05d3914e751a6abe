// What a failed assertion, $stop or $fatal of verilated RTL does: throw, with its place, instead of Verilator's
// abort(). Part of lutetia_verilated, which is compiled with VL_USER_STOP and VL_USER_FATAL. The text of the $error has
// already been printed on standard output by then. Callers: VerilatedUnit (sim/cosim), and GoogleTest in tests/rtl.
#include <stdexcept>
#include <string>

#include "verilated.h"

namespace {

[[noreturn]] void fail(const char* file, int line, const char* scope, const char* what) {
  Verilated::threadContextp()->gotError(true);
  std::string text = file != nullptr && file[0] != '\0' ? std::string(file) + ":" + std::to_string(line) + ": " : "";
  if (scope != nullptr && scope[0] != '\0') text += std::string(scope) + ": ";
  throw std::runtime_error(text + what);
}

}  // namespace

void vl_stop(const char* file, int line, const char* scope) {
  fail(file, line, scope, "assertion failed, or $stop");
}

void vl_fatal(const char* file, int line, const char* scope, const char* message) {
  fail(file, line, scope, message);
}
