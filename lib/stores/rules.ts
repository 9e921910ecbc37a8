export const DEPLOYMENT_STATUSES = ["pending", "deploying", "deployed", "failed"] as const;
export type DeploymentStatus = (typeof DEPLOYMENT_STATUSES)[number];
