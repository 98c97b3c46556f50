r"""The loss of a chain of labels: a softmax over all sentences at once.

A program marks the names in a text: each word begins a name, continues one, or does neither. A network scores the
labels of each word, but the words do not decide alone, since nothing can be continued that has not begun. A conditional
random field adds a score for each pair of neighbours and is trained on whole sentences; it is the last layer of many
taggers.

Maths. T words and K labels. The emissions e, shape (T, K), score each label at each word; the transitions a, shape
(K, K), score label j after label i at a_ij. y_1, ..., y_T are the right labels. A path z of labels has the score

$$s(z) = \sum_{t=1}^{T} e_{t, z_t} + \sum_{t=2}^{T} a_{z_{t-1} z_t} \qquad p(z) = \frac{e^{s(z)}}{Z} \qquad
Z = \sum_{z} e^{s(z)}$$

where Z adds up all K^T paths. The loss is the surprise at the right path, nll = log Z - s(y). log Z comes from the
forward pass of hmm_forward, with scores in place of log probabilities:

$$\log \alpha_1(j) = e_{1j} \qquad \log \alpha_t(j) = \log \sum_i e^{\log \alpha_{t-1}(i) + a_{ij}} + e_{tj} \qquad
\log Z = \log \sum_j \alpha_T(j)$$

The gradients are what the model expects, minus what was observed:

$$\frac{\partial\, nll}{\partial e_{tk}} = p(z_t = k) - 1[y_t = k] \qquad
\frac{\partial\, nll}{\partial a_{ij}} = \sum_{t=2}^{T} \Big( p(z_{t-1} = i, z_t = j) - 1[y_{t-1} = i, y_t = j] \Big)$$

beta_t(i) adds up all that may follow after label i at word t, without the score of i itself:

$$\log \beta_T(i) = 0 \qquad \log \beta_{t-1}(i) = \log \sum_j e^{a_{ij} + e_{tj} + \log \beta_t(j)}$$

$$p(z_t = k) = \frac{\alpha_t(k)\, \beta_t(k)}{Z} \qquad
p(z_{t-1} = i, z_t = j) = \frac{\alpha_{t-1}(i)\, e^{a_{ij} + e_{tj}}\, \beta_t(j)}{Z}$$

By hand. Two words, two labels, scores that are logs of whole numbers: e = log [[2, 1], [1, 3]], a = log [[2, 1], [3,
1]], y = [0, 1]. The weights e^s of the paths are

    0, 0:  2 * 2 * 1 = 4      0, 1:  2 * 1 * 3 = 6
    1, 0:  1 * 3 * 1 = 3      1, 1:  1 * 1 * 3 = 3      together Z = 16

so nll = log (16/6) = 0.9808. Label 0 at word 1 has (4 + 6)/16 = 0.625 and is right: 0.625 - 1 = -0.375. In the end
d_emissions = [[-0.375, 0.375], [0.4375, -0.4375]] and d_transitions = [[0.25, -0.625], [0.1875, 0.1875]].

Source: Lafferty, McCallum & Pereira, Conditional random fields (2001); Sutton & McCallum, An introduction to
conditional random fields (2012), sections 4.1 and 5.1.
"""

import itertools
import numpy as np


def crf_nll(emissions, transitions, y):
    """Return the negative log likelihood of the right labels in a linear-chain CRF, and its gradients.

    Args:
        emissions: float array, shape (T, K). emissions[t, k] is the score of label k at word t; T is at least 1 and may
            be some hundreds. Scores may be as large as 1000 or as small as -1000.
        transitions: float array, shape (K, K). transitions[i, j] is the score of label j right after label i.
        y: integer array of any integer type, shape (T,). The right labels, from 0 to K - 1.

    Returns:
        (nll, d_emissions, d_transitions): nll is a float, log Z minus the score of y, in natural logarithms, summed
        over the words and not averaged. d_emissions is a float array, shape (T, K), and d_transitions a float array,
        shape (K, K): the slopes of nll with respect to emissions and transitions. If T is 1, d_transitions is zero.
        The arguments are left as they were.
    """
    raise NotImplementedError
