class Mine(Exception):
    def __init__(self, code):
        super().__init__(f"code {code}")
        self.code = code


def f(x):
    caught = []
    try:
        raise ExceptionGroup("several", [Mine(1), ValueError("v")])
    except* Mine as group:
        caught += [e.code for e in group.exceptions]
    except* ValueError as group:
        caught.append(str(group.exceptions[0]))
    try:
        try:
            raise Mine(3)
        except Mine as fault:
            raise KeyError("k") from fault
    except KeyError as fault:
        fault.add_note("noted")
        return caught, fault.__cause__.code, fault.__notes__
