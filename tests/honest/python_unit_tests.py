import doctest
import unittest
from unittest.mock import Mock, patch


class Tests(unittest.TestCase):
    def test_sum(self):
        self.assertAlmostEqual(0.1 + 0.2, 0.3)


def f(x):
    result = unittest.TestResult()
    unittest.defaultTestLoader.loadTestsFromTestCase(Tests).run(result)
    asked = Mock(return_value=3)
    with patch("math.sqrt", return_value=7):
        import math

        faked = math.sqrt(4)
    found = doctest.DocTestParser().get_examples(">>> 1 + 1\n2\n")
    return result.testsRun, result.wasSuccessful(), asked(1), asked.call_count, faked, found[0].want
