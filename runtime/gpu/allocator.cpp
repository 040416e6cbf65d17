// The one file in which the Vulkan Memory Allocator is compiled.
#define VMA_IMPLEMENTATION
#include <vk_mem_alloc.h>
