"""The description of the API: OpenAPI, its documentation, examples and recipes.

generator, described, described_headers, text_rules   the OpenAPI schema and its hooks
examples              real responses in the schema (examples.json)
docs, using           the documentation pages; recipes/ = the code that "Using the API" shows
urls                  the URLs of all of it
"""
