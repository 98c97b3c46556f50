from scipy.cluster import hierarchy


def f(x):
    return (
        [hierarchy.linkage(x, method) for method in ("single", "ward", "average")],
        hierarchy.fcluster(hierarchy.linkage(x), 2, "maxclust"),
        hierarchy.dendrogram(hierarchy.linkage(x), no_plot=True)["ivl"],
    )
