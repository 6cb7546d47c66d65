// An app as the CDK's guide begins: a service behind a load balancer in a network of its own, scaled by CPU. Its
// image is somebody's, or built from the folder that IMAGE names.
const { App, Stack } = require('aws-cdk-lib');
const { ContainerImage } = require('aws-cdk-lib/aws-ecs');
const { ApplicationLoadBalancedFargateService } = require('aws-cdk-lib/aws-ecs-patterns');

const stack = new Stack(new App(), 'Web', {
  env: { account: process.env.CDK_DEFAULT_ACCOUNT, region: process.env.CDK_DEFAULT_REGION },
});
const page = `mkdir -p /tmp/page && echo ${process.env.WORD} > /tmp/page/index.html`;
const web = new ApplicationLoadBalancedFargateService(stack, 'Service', {
  taskImageOptions: {
    image: process.env.IMAGE ? ContainerImage.fromAsset(process.env.IMAGE) : ContainerImage.fromRegistry('busybox'),
    containerPort: 8080,
    command: ['/bin/sh', '-c', `${page}; trap 'exit 0' TERM; httpd -f -p 8080 -h /tmp/page & wait`],
  },
  desiredCount: 1,
  cpu: 256,
  memoryLimitMiB: 512,
  circuitBreaker: { rollback: true },
  minHealthyPercent: 100,
});
const scaling = web.service.autoScaleTaskCount({ minCapacity: 1, maxCapacity: 3 });
scaling.scaleOnCpuUtilization('Cpu', { targetUtilizationPercent: 60 });
