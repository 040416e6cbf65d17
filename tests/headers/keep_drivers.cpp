// Under the address sanitizer a graphics driver stays loaded to the program's end. What it keeps for the life of the
// program is freed by nobody, and once the driver is unloaded the leak check can no longer see that it is still held.

#if defined(__SANITIZE_ADDRESS__)
extern "C" int dlclose(void*) noexcept { return 0; }
#endif
