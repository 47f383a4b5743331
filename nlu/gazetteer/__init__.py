"""A real city's streets, landmarks and areas, made from an OpenStreetMap extract, GeoJSON or CSV.

Each reader (`osm`, `geojson`, `table`) adds what it finds to a `Found`; `files` writes that beside config.yml.
"""
