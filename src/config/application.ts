/**
 * What the application in `webapp/` promises the infrastructure: the numbers of its files, which a test holds against them, so that
 * the settings can warn. Another application in the image (`fleet.amiId`) has other numbers, so they only warn.
 */
export const APPLICATION = {
  /** Where nginx listens (nginx.conf). */
  port: 5000,
  /** How long nginx keeps an idle connection open (nginx.conf). */
  keepAliveSeconds: 75,
  /** On SIGTERM: how long it serves on, and then how long its workers may take to finish (gunicorn.conf.py). */
  drainSeconds: 5,
  gracefulSeconds: 30,
  /** Memory of the workers together (gunicorn.conf.py), of nginx, and of the system beside them (contract.py). */
  memoryMib: 4 * 100 + 20 + 300,
  /** Paths that answer 200 to a stranger. */
  healthPaths: ["/", "/healthz", "/readyz"],
} as const;
