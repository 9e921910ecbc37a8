/** The choice of light or dark, kept in a cookie and drawn by the server as `data-theme`. */
export const THEME_COOKIE = "theme";

/** Absent or unknown means as the device. */
export type Theme = "light" | "dark" | "device";

/** The theme of a cookie's or a form's value. */
export const themeOf = (value: unknown): Theme => (value === "light" || value === "dark" ? value : "device");
