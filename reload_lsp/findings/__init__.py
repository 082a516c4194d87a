"""What a reload has to say: the catalogue of diagnostic codes and the values that carry them. Data only."""
