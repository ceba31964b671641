"use strict";

// Swagger UI over our own schema. Nothing leaves this site: there is no validator badge, and
// requests go to the host that the page came from.
const place = document.getElementById("api-console");

SwaggerUIBundle({
  domNode: place,
  url: place.dataset.schema,
  deepLinking: true,
  validatorUrl: null,
  supportedSubmitMethods: ["get"],
  defaultModelsExpandDepth: 0,
  docExpansion: "list",
  presets: [SwaggerUIBundle.presets.apis],
});
