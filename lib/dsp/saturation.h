// Functions that bend what is loud, of many numbers in place; each within 3e-7.
#pragma once

namespace nr {

void tanh_of_all(float* x, int count);
void arctangent_of_all(float* x, int count);   // 2 / pi atan(pi x / 2)
void exponential_of_all(float* x, int count);  // sign(x) (1 - e^-|x|)

}  // namespace nr
