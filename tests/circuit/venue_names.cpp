#include "tests/circuit/venue_names.h"

#include <iterator>
#include <string_view>

namespace promenade::ticketing::tests {
namespace {

struct Name {
  std::string_view zh, en;
};
constexpr Name kCities[] = {{"上海", "Shanghai"}, {"北京", "Beijing"}, {"广州", "Guangzhou"}, {"深圳", "Shenzhen"}, {"成都", "Chengdu"}, {"杭州", "Hangzhou"}, {"武汉", "Wuhan"}, {"西安", "Xi'an"},
                            {"南京", "Nanjing"}, {"重庆", "Chongqing"}, {"苏州", "Suzhou"}, {"天津", "Tianjin"}, {"长沙", "Changsha"}, {"郑州", "Zhengzhou"}, {"青岛", "Qingdao"}, {"宁波", "Ningbo"},
                            {"无锡", "Wuxi"}, {"合肥", "Hefei"}, {"厦门", "Xiamen"}, {"福州", "Fuzhou"}, {"济南", "Jinan"}, {"沈阳", "Shenyang"}, {"大连", "Dalian"}, {"昆明", "Kunming"},
                            {"哈尔滨", "Harbin"}, {"长春", "Changchun"}, {"南昌", "Nanchang"}, {"贵阳", "Guiyang"}, {"南宁", "Nanning"}, {"石家庄", "Shijiazhuang"}, {"太原", "Taiyuan"}, {"常州", "Changzhou"},
                            {"温州", "Wenzhou"}, {"佛山", "Foshan"}, {"东莞", "Dongguan"}, {"珠海", "Zhuhai"}, {"海口", "Haikou"}, {"兰州", "Lanzhou"}, {"乌鲁木齐", "Ürümqi"}, {"扬州", "Yangzhou"}};
constexpr Name kParts[] = {{"中心店", "Centre"}, {"滨江店", "Riverside"}, {"大学城店", "University Town"}, {"老城店", "Old Town"}, {"高铁站店", "Railway Station"}, {"湖畔店", "Lakeside"},
                           {"科技园店", "Science Park"}, {"东门店", "East Gate"}, {"西湖店", "West Lake"}, {"北站店", "North Station"}, {"文化宫店", "Palace of Culture"}, {"会展店", "Expo"},
                           {"南门店", "South Gate"}, {"公园店", "Park"}, {"广场店", "Square"}, {"新城店", "New Town"}, {"码头店", "Quay"}, {"钟楼店", "Bell Tower"},
                           {"体育场店", "Stadium"}, {"机场店", "Airport"}, {"星光店", "Starlight"}, {"银河店", "Galaxy"}, {"花园店", "Garden"}, {"古镇店", "Old Village"},
                           {"海岸店", "Seaside"}, {"山脚店", "Foothill"}, {"桥头店", "Bridgehead"}, {"市集店", "Market"}, {"剧院店", "Theatre"}, {"塔下店", "Tower"}};

}  // namespace

VenueName venue_name(int number) {
  const auto n = static_cast<std::size_t>(number);
  const Name& city = kCities[n % std::size(kCities)];
  // Another part of town each time round, so that neighbours in a list differ.
  const Name& part = kParts[(n / std::size(kCities) + 7 * n) % std::size(kParts)];
  const std::size_t round = n / (std::size(kCities) * std::size(kParts));
  const std::string tail = round == 0 ? "" : " " + std::to_string(round + 1);
  return {std::string(city.zh) + std::string(part.zh) + tail, std::string(city.en) + " " + std::string(part.en) + tail};
}

}  // namespace promenade::ticketing::tests
