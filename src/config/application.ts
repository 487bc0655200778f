/**
 * What the application in `webapp/` promises the infrastructure: the numbers of its files, which a test holds against them, so that
 * the settings can warn. Another application in the image (`fleet.amiId`) has other numbers, so they only warn.
 */
export const APPLICATION = {
  /** Where the service listens (web_app.service). */
  port: 5000,
  /** How long gunicorn keeps an idle connection open (gunicorn.conf.py). */
  keepAliveSeconds: 75,
  /** On SIGTERM: how long it serves on, and then how long its workers may take to finish (gunicorn.conf.py). */
  drainSeconds: 5,
  gracefulSeconds: 30,
  /** Memory of the workers together (gunicorn.conf.py), and of the system beside them (contract.py). */
  memoryMib: 4 * 100 + 300,
  /** Paths that answer 200 to a stranger. */
  healthPaths: ["/", "/healthz", "/readyz"],
} as const;
