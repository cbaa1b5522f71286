"""A metric after given readings, judged and charted as the pages do it."""

from dataclasses import dataclass

from assessments.report.readings_chart import series_of
from assessments.report.units import Measure
from assessments.rules import control_chart, results, sustain
from tests.assessments.report.drawn_series import EIGHTY, OCTOBER, readings

RULE = sustain.Rule(5, 6)
PERCENT = Measure()


@dataclass
class Metric:
    """`values` end in the period `last`; a None among them is a period without a reading."""

    values: list
    targets: tuple = EIGHTY
    measure: Measure = PERCENT
    last: int = OCTOBER
    rule: sustain.Rule = RULE

    @property
    def readings(self):
        return readings(self.values, self.last)

    @property
    def judgement(self):
        rule = self.rule.for_rounds_of(self.measure.every)
        return sustain.judge(self.readings, self.targets, rule, self.last, self.measure.direction)

    @property
    def level(self):
        return results.level(self.judgement)

    @property
    def chart(self):
        return control_chart.chart(self.readings)

    @property
    def outlook(self):
        return control_chart.outlook(self.readings, self.chart, sustain.target_at(self.targets, self.last))

    def series(self, **kwargs):
        periods = range(self.last - len(self.values) + 1, self.last + 1)
        return series_of(
            periods, self.readings, self.targets, self.chart, self.outlook, self.measure, **kwargs
        )
