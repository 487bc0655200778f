/** Every address, which is the whole internet. */
export const INTERNET = "0.0.0.0/0";

/** Where SSH listens: on the bastion, and on the servers behind it. */
export const SSH_PORT = 22;
