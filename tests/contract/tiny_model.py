"""Sentence-transformers models of a few kilobytes with random weights, made on the spot."""

from __future__ import annotations

import string
from pathlib import Path


def make_tiny_model(folder: Path, *, pooling: str = "mean", dimension: int = 32, longest: int = 48) -> Path:
    """Save a two-layer BERT over single letters with prompts of its own, and return its folder."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules import Transformer
    from sentence_transformers.sentence_transformer.modules import Pooling
    from transformers import BertConfig, BertModel

    plain = folder / "plain"
    vocabulary = _save_letters(plain)
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=vocabulary,
        hidden_size=dimension,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=64,
    )
    BertModel(config).save_pretrained(plain)
    transformer = Transformer(str(plain))
    transformer.max_seq_length = longest
    model = SentenceTransformer(
        modules=[transformer, Pooling(dimension, pooling_mode=pooling)],
        prompts={"query": "question: ", "document": "text: "},
        device="cpu",
    )
    model.save(str(folder / "model"), create_model_card=False)
    return folder / "model"


def make_tiny_reranker(folder: Path, *, labels: int = 1, activation: str = "", longest: int = 48) -> Path:
    """Save a cross-encoder over single letters, with an activation of its own where one is named."""
    import torch
    from sentence_transformers import CrossEncoder
    from transformers import BertConfig, BertForSequenceClassification

    plain = folder / "plain"
    vocabulary = _save_letters(plain)
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=vocabulary,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=128,
        num_labels=labels,
        initializer_range=1.0,  # scores that differ
    )
    BertForSequenceClassification(config).save_pretrained(plain)
    chosen = {"sigmoid": torch.nn.Sigmoid(), "identity": torch.nn.Identity()}.get(activation)
    model = CrossEncoder(str(plain), device="cpu", max_length=longest, activation_fn=chosen)
    model.save_pretrained(str(folder / "reranker"), create_model_card=False)
    return folder / "reranker"


def _save_letters(folder: Path) -> int:
    """Save a word-piece tokenizer whose pieces are single letters, and return how many pieces it knows."""
    from transformers import BertTokenizer

    letters = [*string.ascii_lowercase, *string.digits, *".,?!"]
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *(f"##{letter}" for letter in letters)]
    folder.mkdir(parents=True)
    (folder / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    BertTokenizer(str(folder / "vocab.txt")).save_pretrained(folder)
    return len(words)
