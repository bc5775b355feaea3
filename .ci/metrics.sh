#!/usr/bin/env bash
# Has Prometheus' own tool judge the metrics of the release and the alerts of deploy/.
set -euo pipefail
cd "$(dirname "$0")/.."

. .ci/tools.sh build
quiet_packages prometheus
promtool check rules deploy/alerts.yml
promtool test rules deploy/alerts.test.yml
node .ci/metrics.mjs
