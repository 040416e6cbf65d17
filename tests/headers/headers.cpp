// Carries the precompiled headers; there is nothing to compile besides.
