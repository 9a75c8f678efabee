"""The held-out split's wordings of questions. None of them may occur in ``questions_train``."""

from labkit.corpus.facts import Relation
from labkit.tasks.questions import Questions, Sum

HELDOUT_QUESTIONS = Questions(
    one_hop={
        Relation.CLUSTER: (
            "Tell me the cluster where {entity} lives.",
            "{entity} is placed on what cluster?",
            "Which of our clusters handles inference for {entity}?",
            "What cluster do callers of {entity} reach?",
            "I am looking for the pods of {entity}; which cluster has them?",
        ),
        Relation.OWNER: (
            "Who looks after {entity}?",
            "Which group should I write to about {entity}, as its owner?",
            "{entity} is in the care of what team?",
            "What team does the service catalogue list as owner for {entity}?",
            "Whose service is {entity}?",
        ),
        Relation.LATENCY: (
            "How fast, in milliseconds at p99, does {entity} have to be?",
            "What tail-latency goal does {entity} work to?",
            "How big is the p99 budget of {entity}?",
            "{entity} is held to how many milliseconds at the 99th percentile?",
            "Leaving out the slowest one percent, in what time does {entity} respond?",
        ),
        Relation.QUOTA: (
            "What is the minute allowance of {entity}?",
            "How many requests fit into a minute before {entity} gets rejected?",
            "{entity} has bought room for how many requests a minute?",
            "Which limit per minute was signed for {entity}?",
            "Each minute, how many requests can {entity} place?",
        ),
        Relation.REPLICAS: (
            "What number of serving replicas makes up {entity}?",
            "If I list the pods of {entity}, how many replicas will I count?",
            "{entity} was provisioned with how many copies of the model?",
            "How big is {entity}, counted in replicas?",
            "How many healthy replicas does the load balancer of {entity} see?",
        ),
        Relation.RATE: (
            "What throughput does a lone replica in {entity} deliver, in requests a second?",
            "At what number of requests per second does a replica in {entity} saturate?",
            "How much traffic, in requests a second, fits on any one {entity} replica?",
            "What do benchmarks of {entity} show for every replica?",
            "How many requests a second can I count on from each replica belonging to {entity}?",
        ),
        Relation.PRICE: (
            "How much is an hour of one replica in {entity}?",
            "What tariff per replica and hour is in force on {entity}?",
            "How many dollars does a replica of {entity} add to the bill every hour?",
            "Keeping one replica of {entity} up for sixty minutes sets us back how much?",
            "What price does accounting put on a replica of {entity} for the hour?",
        ),
        Relation.REGION: (
            "Where in the world, by region, is {entity}?",
            "Which data region was {entity} built in?",
            "What region's racks hold {entity}?",
            "Geographically, where does {entity} belong?",
            "Which regional site hosts the hardware of {entity}?",
        ),
        Relation.ON_CALL: (
            "Whom should I phone at night to reach {entity}?",
            "Who has the duty for {entity} this week?",
            "What is the name of the duty engineer of {entity}?",
            "If {entity} is needed, which person gets paged first?",
            "By whom is the current shift of {entity} covered?",
        ),
    },
    two_hop={
        (Relation.CLUSTER, Relation.REPLICAS): (
            "Count the replicas in whichever cluster handles {entity}: how many?",
            "I call {entity}; how many replicas stand ready in the cluster I reach?",
            "What number of serving replicas makes up the home cluster of {entity}?",
            "Wherever {entity} is placed, how many copies of the model were provisioned there?",
            "How big, counted in replicas, is {entity}'s cluster?",
        ),
        (Relation.CLUSTER, Relation.RATE): (
            "Where {entity} lives, what throughput does a lone replica deliver?",
            "At what requests per second does a replica saturate in the cluster handling {entity}?",
            "What did benchmarks show per replica for the cluster that {entity} has its home on?",
            "How many requests a second fit on any one replica of {entity}'s cluster?",
            "Loading a single replica on the cluster {entity} was placed on, how many requests a second can I send?",
        ),
        (Relation.CLUSTER, Relation.PRICE): (
            "How much is one hour of one replica wherever {entity} is placed?",
            "What hourly tariff per replica is in force on {entity}'s cluster?",
            "For the cluster handling {entity}, what does accounting charge for one replica and one hour?",
            "Sixty minutes of a replica on the home cluster of {entity} set us back how much?",
            "{entity} could use one more replica where it lives; what would that add to the bill every hour?",
        ),
        (Relation.CLUSTER, Relation.REGION): (
            "Where in the world, by region, does inference for {entity} happen?",
            "Which data region was {entity}'s cluster built in?",
            "The pods of {entity} live on a cluster; what regional site is it at?",
            "Geographically, where does the home cluster of {entity} belong?",
            "What region's racks hold the cluster handling {entity}?",
        ),
        (Relation.OWNER, Relation.ON_CALL): (
            "Whom should I phone at night about {entity}, given the team that looks after it?",
            "{entity} just broke; which duty engineer of its owners gets the call?",
            "Who covers the current shift in the group to which {entity} is entrusted?",
            "Of the people who look after {entity}, who has the duty this week?",
            "What is the name of the first person paged in the group that has {entity} in its care?",
        ),
    },
    three_hop={
        Sum.CAPACITY: (
            "Adding up every replica, how many requests a second does {entity}'s cluster deliver?",
            "If each replica where {entity} lives runs flat out, what is the overall number of requests per second?",
            "What aggregate throughput does the home cluster of {entity} reach?",
            "How much traffic, in requests a second, saturates the full cluster handling {entity}?",
            "I load-test the entire cluster that {entity} is placed on; at how many requests a second is it full?",
        ),
        Sum.HOURLY_COST: (
            "Sixty minutes of {entity}'s cluster, with each replica up, set us back how much?",
            "How much does the home cluster of {entity} add to the bill every hour, all replicas included?",
            "What should accounting expect hourly for the full cluster handling {entity}?",
            "Wherever {entity} lives, what is the price of an hour with each replica there switched on?",
            "How expensive is one hour of the cluster {entity} was placed on, in full size?",
        ),
    },
    two_skill={
        Sum.CAPACITY: (
            "Adding up every replica, how many requests a second does {entity} deliver?",
            "If each of its replicas runs flat out, how much traffic per second does {entity} carry?",
            "What aggregate throughput does {entity} reach?",
            "How many requests a second saturate {entity} in full size?",
            "I plan a load test of {entity}, all replicas at once; at how many requests a second is it full?",
        ),
        Sum.HOURLY_COST: (
            "Sixty minutes of {entity}, with each replica up, set us back how much?",
            "How much does {entity} add to the bill every hour, all replicas included?",
            "What should accounting expect hourly for {entity} in full size?",
            "What is the price of an hour of {entity} with each replica switched on?",
            "How expensive is one hour of {entity}, counting each of its replicas?",
        ),
        Sum.DAILY_COST: (
            "Leaving {entity} on for 24 hours with each replica up sets us back how much?",
            "How much does {entity} add to the bill in 24 hours, all replicas included?",
            "What should accounting expect for 24 hours of {entity} in full size?",
            "From midnight to midnight, 24 hours, how expensive is {entity} with each replica switched on?",
            "What is the price of 24 hours of {entity}, counting each of its replicas?",
        ),
        Sum.TOTAL: (
            "{entity} plus {other}: how many replicas is that altogether?",
            "I list the pods of both {entity} and {other}; how many replicas will I count?",
            "How many copies of the model were provisioned on {entity} and {other} in sum?",
            "Between them, what number of serving replicas do {entity} and {other} have?",
            "How big would {entity} be, in replicas, if it took over all those of {other}?",
        ),
        Sum.DIFFERENCE: (
            "{entity} outnumbers {other} by how many replicas?",
            "How many replicas would {entity} have to give up to be no bigger than {other}?",
            "What is {entity}'s lead over {other}, counted in replicas?",
            "Compare the sizes of {entity} and {other}: how many replicas lie between them?",
            "How many copies of the model does {entity} have beyond the number on {other}?",
        ),
    },
)
