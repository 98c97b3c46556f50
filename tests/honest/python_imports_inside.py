def f(x):
    import json
    from xml.etree import ElementTree

    import scipy.stats
    from scipy.special import expit

    return json.dumps([1]), ElementTree.fromstring("<a b='1'/>").get("b"), scipy.stats.norm.cdf(0.0), expit(0.0)
