"""Everything that adapts Rasa: what stands in for TensorFlow, training, loading, and the tracker of one turn."""
