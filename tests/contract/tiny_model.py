"""A sentence-transformers model of a few kilobytes with random weights, made on the spot."""

from __future__ import annotations

import string
from pathlib import Path


def make_tiny_model(folder: Path, *, pooling: str = "mean", dimension: int = 32, longest: int = 48) -> Path:
    """Save a two-layer BERT over single letters with prompts of its own, and return its folder."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules import Transformer
    from sentence_transformers.sentence_transformer.modules import Pooling
    from transformers import BertConfig, BertModel, BertTokenizer

    letters = [*string.ascii_lowercase, *string.digits, *".,?!"]
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *(f"##{letter}" for letter in letters)]
    plain = folder / "plain"
    plain.mkdir(parents=True)
    (plain / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=dimension,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=64,
    )
    BertModel(config).save_pretrained(plain)
    BertTokenizer(str(plain / "vocab.txt")).save_pretrained(plain)
    transformer = Transformer(str(plain))
    transformer.max_seq_length = longest
    model = SentenceTransformer(
        modules=[transformer, Pooling(dimension, pooling_mode=pooling)],
        prompts={"query": "question: ", "document": "text: "},
        device="cpu",
    )
    model.save(str(folder / "model"), create_model_card=False)
    return folder / "model"
