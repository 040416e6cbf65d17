#include <png.h>

#include <cstring>

#include "runtime/gpu/renderer.h"
#include "tracking/base/assert.h"

namespace promenade::gpu {

base::Result<void> write_png(const Picture& picture, const std::string& path) {
  PROMENADE_ASSERT(picture.rgba.size() == std::size_t{4} * picture.width * picture.height);
  png_image image;
  std::memset(&image, 0, sizeof image);
  image.version = PNG_IMAGE_VERSION;
  image.width = picture.width;
  image.height = picture.height;
  image.format = PNG_FORMAT_RGBA;
  if (!png_image_write_to_file(&image, path.c_str(), 0, picture.rgba.data(), 0, nullptr)) {
    return base::fail("picture-not-written", "The picture " + path + " could not be written: " + image.message + ".", "See that its folder exists and has room.");
  }
  return {};
}

base::Result<Picture> read_png(const std::string& path) {
  png_image image;
  std::memset(&image, 0, sizeof image);
  image.version = PNG_IMAGE_VERSION;
  const auto failed = [&] { return base::fail("picture-not-read", "The picture " + path + " could not be read: " + image.message + "."); };
  if (!png_image_begin_read_from_file(&image, path.c_str())) return failed();
  image.format = PNG_FORMAT_RGBA;
  Picture picture{image.width, image.height, {}};
  picture.rgba.resize(PNG_IMAGE_SIZE(image));
  if (!png_image_finish_read(&image, nullptr, picture.rgba.data(), 0, nullptr)) return failed();
  return picture;
}

}  // namespace promenade::gpu
