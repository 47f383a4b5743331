"""Open311 GeoReport v2 (http://wiki.open311.org/GeoReport_v2/): what anybody may read and send, in XML and JSON."""
