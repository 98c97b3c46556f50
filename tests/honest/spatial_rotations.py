from scipy.spatial.transform import Rotation, Slerp


def f(x):
    turn = Rotation.from_euler("zyx", [90, 45, 30], degrees=True)
    way = Slerp([0, 1], Rotation.from_quat([[0, 0, 0, 1], [0, 0, 1, 0]]))
    return turn.as_matrix(), turn.apply(x), way([0.5]).as_quat()
