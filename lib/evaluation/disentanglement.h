// How a latent's dimensions share out what is known of its sounds: mutual information, MIG, DCI and the majority vote.
// No torch.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace nr {

// Something that is known of each sound, such as its effect or that effect's drive.
struct Factor {
  std::string name;
  std::vector<int> classes;  // a sound each, from 0; -1: not known, or the sound has none
};

// So many classes of equal counts, by rank; NaN: -1.
std::vector<int> equal_counts(const std::vector<double>& values, int classes);

double entropy(const std::vector<int>& classes);  // nats; sounds of class -1 do not count, here and below
// Nats, less what n sounds of unrelated classes give, (classes of a - 1) (classes of b - 1) / 2n (Miller 1955); at
// least 0.
double mutual_information(const std::vector<int>& a, const std::vector<int>& b);

struct Disentanglement {
  std::vector<double> information;  // of each factor: the most that one dimension knows of it, over its entropy
  double mig = 0;       // mean gap to the second of them (mutual information gap, Chen et al., arXiv:1802.04942, eq. 6)
  // Of the informations as importances (Eastwood and Williams, ICLR 2018, eq. 2 and 3): does a dimension know one
  // factor, weighted by what it knows; is a factor known to one dimension?
  double disentanglement = 0, completeness = 0;
  // Share of groups whose common factor is found by the dimension that varies least in them, each dimension voting for
  // the factor it went with in other groups (FactorVAE, Kim and Mnih, arXiv:1802.05983, section 4).
  double vote = 0;
};

// latents: [dimension][sound]. Factors of fewer than two classes count for nothing. seed: of the groups.
Disentanglement disentanglement(const std::vector<std::vector<double>>& latents, const std::vector<Factor>& factors,
                                uint64_t seed);

}  // namespace nr
