import scipy.stats as st


def f(x):
    a, b = x[:, 0], x[:, 1]
    return (
        tuple(st.ttest_ind(a, b)),
        tuple(st.pearsonr(a, b)),
        tuple(st.spearmanr(a, b)),
        st.mannwhitneyu(a, b).pvalue,
        st.ks_2samp(a, b).statistic,
        st.chi2_contingency([[10, 20], [20, 10]]).pvalue,
        st.wilcoxon(a, b).pvalue,
    )
