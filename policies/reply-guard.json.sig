1XGxkZ+YtAGEXFI8jpn+DGx/04SbdOkfsSTboaCh9D/Le8UnG+UC7aPHzyBK+cReej/LzLYAQotuUnwuXbaEpQ==
