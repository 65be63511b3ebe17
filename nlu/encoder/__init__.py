"""A pretrained sentence encoder that an operator brings: a message in, a vector out, all inside this process.

Optional and off by default. It never fetches anything and learns nothing; what its vector is good for is decided
where the model is trained.
"""

from nlu.encoder.sentence import EncoderError, SentenceEncoder, read_encoder

__all__ = ["EncoderError", "SentenceEncoder", "read_encoder"]
