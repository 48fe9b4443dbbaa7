from django.db import models


class Effect(models.Model):
    """One row per effect; nothing is unique, so that one that happened twice is seen."""

    drill = models.CharField(max_length=40)
    what = models.CharField(max_length=40)

    def __str__(self):
        return f"{self.drill}: {self.what}"
