"""Forecast: joint draws of violence by area, month and kind, with their own record of skill."""

from polgap.forecast._predict import fan, futures, predict
from polgap.forecast.backtest import backtest
from polgap.forecast.base import Fitted, Forecast, Model

__all__ = ["Fitted", "Forecast", "Model", "backtest", "fan", "futures", "predict"]
