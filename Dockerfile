# The local Amazon IVS Chat in a container: docker build --tag ivs-chat-local .
# The peers of the package are for the constructs. Without them, the package has 4 MB.
FROM node:24-alpine
ARG VERSION=latest
RUN npm install --global --omit=peer --no-audit --no-fund cdk-ivs-chat@$VERSION
USER node
EXPOSE 4920
HEALTHCHECK --interval=2s --start-period=10s CMD wget -qO- http://127.0.0.1:4920/_local/health
ENTRYPOINT ["ivs-chat-local", "--host", "0.0.0.0"]
