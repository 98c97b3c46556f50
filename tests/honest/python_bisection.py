import bisect
import heapq
from heapq import heapify, heappop, heappush, nlargest


def f(x):
    row = sorted(x[:, 0].tolist())
    bisect.insort(row, 0.0)
    heap = x[:, 1].tolist()
    heapify(heap)
    heappush(heap, -99.0)
    return row, bisect.bisect_left(row, 0.0), heappop(heap), nlargest(2, heap), list(heapq.merge([1, 4], [2, 3]))
