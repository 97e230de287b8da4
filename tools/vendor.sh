#!/bin/sh
# Copies what the pages use out of node_modules into a folder that git does not keep.
set -eu
cd "$(dirname "$0")/.."
from=node_modules
to=lianxin/web/static/vendor

# Source maps are not shipped, and a file that names one sends browsers looking for it.
copy() {
  sed -e 's|^//# sourceMappingURL=.*||' -e 's|/\*# sourceMappingURL=[^*]*\*/||' "$from/$1" > "$to/$2"
}

rm -rf "$to"
mkdir -p "$to/leaflet/images"
copy @picocss/pico/css/pico.min.css pico.min.css
copy echarts/dist/echarts.min.js echarts.min.js
copy leaflet/dist/leaflet.css leaflet/leaflet.css
copy leaflet/dist/leaflet.js leaflet/leaflet.js
cp "$from"/leaflet/dist/images/*.png "$to/leaflet/images/"
