"""The dispatch register as a synchronous grammar: it writes sentences, and it reads them."""
