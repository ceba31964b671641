// The side bar of Django's admin is folded until somebody opens it; that choice is then stored.
// Runs before Django's script, which takes a choice that was never made for "open".
"use strict";
try {
  const key = "django.admin.navSidebarIsOpen";
  if (localStorage.getItem(key) === null) localStorage.setItem(key, "false");
} catch {
  // Storage is forbidden: as Django has it.
}
